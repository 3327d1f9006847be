// An address as a QR code (ISO/IEC 18004): bytes, level M, versions 1 to 10, which hold 213 bytes. Drawn here and not
// in the build, where a code takes many times as long as a whole page.
(function () {
  'use strict';

  // Of each version at level M: codewords of correction in a block, blocks, codewords of data.
  const VERSIONS = [
    [10, 1, 16], [16, 1, 28], [26, 1, 44], [18, 2, 64], [24, 2, 86],
    [16, 4, 108], [18, 4, 124], [22, 4, 154], [22, 5, 182], [26, 5, 216]
  ];
  // Centres of the alignment patterns between the first, always 6, and the last, always size - 7.
  const MIDDLES = [[], [], [], [], [], [], [22], [24], [26], [28]];
  const QUIET = 4;

  // --- bytes -> codewords, with those that correct errors ------------------------------------------------------
  const EXP = [];
  const LOG = [];
  for (let power = 0, value = 1; power < 255; power += 1) {
    EXP[power] = value;
    LOG[value] = power;
    value = value < 128 ? value << 1 : (value << 1) ^ 0x11d;
  }

  function multiply(a, b) {
    return a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0;
  }

  function makeDivisor(degree) {
    let product = [1];
    for (let power = 0; power < degree; power += 1) {
      const longer = product.concat(0);
      product.forEach(function (factor, place) { longer[place + 1] ^= multiply(factor, EXP[power]); });
      product = longer;
    }
    return product.slice(1);
  }

  function correct(block, divisor) {
    return block.reduce(function (rest, value) {
      const factor = value ^ rest[0];
      const shifted = rest.slice(1).concat(0);
      return shifted.map(function (one, place) { return one ^ multiply(divisor[place], factor); });
    }, divisor.map(function () { return 0; }));
  }

  function writeData(bytes, version, room) {
    const bits = [];
    function write(value, length) {
      for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
    }
    write(4, 4);
    write(bytes.length, version < 10 ? 8 : 16);
    bytes.forEach(function (byte) { write(byte, 8); });
    write(0, Math.min(4, room * 8 - bits.length));
    while (bits.length % 8) bits.push(0);
    const words = [];
    for (let at = 0; at < bits.length; at += 8) words.push(parseInt(bits.slice(at, at + 8).join(''), 2));
    for (let filler = 0xec; words.length < room; filler ^= 0xec ^ 0x11) words.push(filler);
    return words;
  }

  function interleave(words, corrections, blocks) {
    const short = Math.floor(words.length / blocks);
    const long = words.length % blocks;
    const divisor = makeDivisor(corrections);
    const parts = [];
    for (let at = 0; parts.length < blocks;) {
      const end = at + short + (parts.length >= blocks - long ? 1 : 0);
      parts.push(words.slice(at, end));
      at = end;
    }
    const sums = parts.map(function (part) { return correct(part, divisor); });
    const mixed = [];
    [[parts, short + 1], [sums, corrections]].forEach(function (pair) {
      for (let at = 0; at < pair[1]; at += 1) {
        pair[0].forEach(function (part) { if (at < part.length) mixed.push(part[at]); });
      }
    });
    return mixed;
  }

  // --- codewords -> modules --------------------------------------------------------------------------------------
  const MASKS = [
    function (x, y) { return (x + y) % 2; },
    function (x, y) { return y % 2; },
    function (x) { return x % 3; },
    function (x, y) { return (x + y) % 3; },
    function (x, y) { return (Math.floor(x / 3) + Math.floor(y / 2)) % 2; },
    function (x, y) { return (x * y) % 2 + (x * y) % 3; },
    function (x, y) { return ((x * y) % 2 + (x * y) % 3) % 2; },
    function (x, y) { return ((x + y) % 2 + (x * y) % 3) % 2; }
  ];

  // The remainder by which a reader knows format and version.
  function addRemainder(value, divisor, bits) {
    let rest = value << bits;
    for (let bit = 31 - Math.clz32(rest); bit >= bits; bit = 31 - Math.clz32(rest)) rest ^= divisor << (bit - bits);
    return (value << bits) | rest;
  }

  function drawPatterns(version) {
    const size = 17 + 4 * version;
    const rows = Array.from({ length: size }, function () { return new Array(size).fill(null); });
    function drawSquares(centreX, centreY, reach, light) {
      for (let y = centreY - reach; y <= centreY + reach; y += 1) {
        for (let x = centreX - reach; x <= centreX + reach; x += 1) {
          const ring = Math.max(Math.abs(x - centreX), Math.abs(y - centreY));
          if (x >= 0 && y >= 0 && x < size && y < size) rows[y][x] = light.indexOf(ring) < 0 ? 1 : 0;
        }
      }
    }
    for (let at = 0; at < size; at += 1) rows[6][at] = rows[at][6] = (at + 1) % 2;
    drawSquares(3, 3, 4, [2, 4]);
    drawSquares(size - 4, 3, 4, [2, 4]);
    drawSquares(3, size - 4, 4, [2, 4]);
    const centres = version > 1 ? [6].concat(MIDDLES[version - 1], size - 7) : [];
    centres.forEach(function (x) {
      centres.forEach(function (y) {
        const corners = [[6, 6], [6, size - 7], [size - 7, 6]];
        if (!corners.some(function (one) { return one[0] === x && one[1] === y; })) drawSquares(x, y, 2, [1]);
      });
    });
    if (version >= 7) {
      const told = addRemainder(version, 0x1f25, 12);
      for (let bit = 0; bit < 18; bit += 1) {
        const far = size - 11 + bit % 3;
        const near = Math.floor(bit / 3);
        rows[near][far] = rows[far][near] = (told >> bit) & 1;
      }
    }
    drawFormat(rows, 0);
    return rows;
  }

  function drawFormat(rows, mask) {
    const size = rows.length;
    // Level M is 00, so that the format is the mask alone.
    const told = addRemainder(mask, 0x537, 10) ^ 0x5412;
    for (let bit = 0; bit < 15; bit += 1) {
      const value = (told >> bit) & 1;
      rows[bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit][8] = value;
      rows[8][bit < 8 ? size - 1 - bit : bit < 9 ? 7 : 14 - bit] = value;
    }
    rows[size - 8][8] = 1;
  }

  function fill(patterns, words, mask) {
    const size = patterns.length;
    const rows = patterns.map(function (row) { return row.slice(); });
    let bit = 0;
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5;
      for (let step = 0; step < size; step += 1) {
        const y = up ? size - 1 - step : step;
        [right, right - 1].forEach(function (x) {
          if (patterns[y][x] !== null) return;
          const value = bit < words.length * 8 ? (words[bit >> 3] >> (7 - bit % 8)) & 1 : 0;
          rows[y][x] = MASKS[mask](x, y) ? value : value ^ 1;
          bit += 1;
        });
      }
    }
    drawFormat(rows, mask);
    return rows;
  }

  // --- which mask is read best -------------------------------------------------------------------------------------
  function weigh(rows) {
    const size = rows.length;
    const columns = rows.map(function (_, x) { return rows.map(function (row) { return row[x]; }); });
    let penalty = 0;
    rows.concat(columns).forEach(function (row) {
      const text = row.join('');
      (text.match(/0{5,}|1{5,}/g) || []).forEach(function (run) { penalty += run.length - 2; });
      for (let at = 0; at + 11 <= size; at += 1) {
        const part = text.slice(at, at + 11);
        if (part === '10111010000' || part === '00001011101') penalty += 40;
      }
    });
    for (let y = 1; y < size; y += 1) {
      for (let x = 1; x < size; x += 1) {
        const sum = rows[y][x] + rows[y - 1][x] + rows[y][x - 1] + rows[y - 1][x - 1];
        if (sum % 4 === 0) penalty += 3;
      }
    }
    const dark = rows.join().match(/1/g).length;
    return penalty + 10 * Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size));
  }

  function encode(text) {
    const bytes = Array.from(new TextEncoder().encode(text));
    const version = 1 + VERSIONS.findIndex(function (one, at) { return bytes.length + (at < 9 ? 2 : 3) <= one[2]; });
    if (!version) return null;
    const kind = VERSIONS[version - 1];
    const words = interleave(writeData(bytes, version, kind[2]), kind[0], kind[1]);
    const patterns = drawPatterns(version);
    return MASKS.map(function (_, mask) { return fill(patterns, words, mask); }).reduce(function (best, rows) {
      return weigh(rows) < weigh(best) ? rows : best;
    });
  }

  // --- modules -> a picture --------------------------------------------------------------------------------------
  function draw(rows) {
    const space = 'http://www.w3.org/2000/svg';
    const picture = document.createElementNS(space, 'svg');
    const side = rows.length + 2 * QUIET;
    picture.setAttribute('viewBox', [-QUIET, -QUIET, side, side].join(' '));
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', '本文二维码');
    const ground = document.createElementNS(space, 'rect');
    const path = document.createElementNS(space, 'path');
    Object.entries({ x: -QUIET, y: -QUIET, width: side, height: side, fill: '#fff' }).forEach(function (one) {
      ground.setAttribute(one[0], one[1]);
    });
    path.setAttribute('d', rows.map(function (row, y) {
      return row.map(function (dark, x) { return dark ? 'M' + x + ' ' + y + 'h1v1h-1z' : ''; }).join('');
    }).join(''));
    picture.appendChild(ground);
    picture.appendChild(path);
    return picture;
  }

  Array.from(document.querySelectorAll('[data-qr]')).forEach(function (place) {
    const rows = encode(place.dataset.qr);
    if (!rows) return;
    place.appendChild(draw(rows));
    place.classList.remove('later');
    document.getElementById('qr-hint').classList.remove('later');
  });
}());
