"""Rich text: blocks of words with a few marks, in a shared document, as Markdown, on pages and on paper."""
