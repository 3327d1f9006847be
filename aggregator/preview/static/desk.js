// Follows saves: what the page shows is asked for anew, and the reader stays where he is.
"use strict";

const told = document.currentScript.dataset;
const frame = document.getElementById("frame");
const lost = document.getElementById("lost");
let version = Number(told.version);
let wanted = 0;

async function fetchInto(address, target, pick) {
  const mine = ++wanted;
  const response = await fetch(address);
  const text = await response.text();
  // A later save may have been answered first.
  if (mine !== wanted || !response.ok) return;
  target.innerHTML = pick ? new DOMParser().parseFromString(text, "text/html").querySelector(pick).innerHTML : text;
  const title = target.querySelector("[data-title]");
  if (title) {
    document.querySelector("h1").textContent = title.textContent;
    document.title = `${title.textContent} · 预览`;
  }
}

function reloadFrame() {
  if (!frame?.isConnected) return;
  try {
    frame.contentWindow.location.reload();
  } catch {
    // It shows a page from elsewhere, to which a link led.
    frame.src = frame.getAttribute("src");
  }
}

function follow(newest) {
  if (newest === version) return;
  version = newest;
  reloadFrame();
  if (told.report) fetchInto(told.report, document.getElementById("report"), "");
  if (told.live) fetchInto(location.href, document.querySelector(told.live), told.live);
}

const events = new EventSource("/events");
events.addEventListener("version", (event) => {
  lost.hidden = true;
  follow(Number(event.data));
});
events.addEventListener("error", () => { lost.hidden = false; });

for (const button of document.querySelectorAll("[data-frame]")) {
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-frame]")) other.setAttribute("aria-pressed", String(other === button));
    const address = new URL(frame.getAttribute("src"), location.href);
    if (button.dataset.frame === "large") address.searchParams.set("type", "large");
    else address.searchParams.delete("type");
    frame.className = button.dataset.frame;
    frame.src = address.pathname + address.search;
  });
}

// What the page was about is gone: nothing is left to press or to see but where to go on.
function leave(status, address, label) {
  for (const form of document.querySelectorAll(".actions form")) form.remove();
  document.querySelector(".stage")?.remove();
  document.getElementById("report")?.remove();
  const link = document.createElement("a");
  link.href = address;
  link.textContent = label;
  status.append(" ", link);
  link.focus();
}

async function copy(answer) {
  const item = { "text/plain": new Blob([answer.text || answer.html], { type: "text/plain" }) };
  item["text/html"] = new Blob([answer.html], { type: "text/html" });
  await navigator.clipboard.write([new ClipboardItem(item)]);
}

for (const form of document.querySelectorAll('.actions form[method="post"]')) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = document.getElementById("answer");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { "Accept": "application/json", "X-Matrix-Token": told.token },
        body: new URLSearchParams(new FormData(form)),
      });
      const answer = await response.json();
      if (answer.html) await copy(answer);
      status.textContent = answer.message;
      if (answer.next) leave(status, ...answer.next);
    } catch {
      status.textContent = "没有做成：预览停了，或者浏览器不让复制。请刷新页面再试。";
    }
  });
}
