"""Word documents -> drafts. The only user of mammoth, in processes of its own.

    bytes | open_package: bounds, then XML | resolve_changes | lift_boxes | label_numbers | split_header
          | find_layout: what each line is by font, size and place | mark_lines | mammoth | HTML

mammoth knows styles; official documents are typed without any. So what a line is gets decided here, after
GB/T 9704-2012, and written into the document as a style of ours before mammoth reads it.
"""
