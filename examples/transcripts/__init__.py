"""Documents whose commands are really run: `python -m examples.transcripts` renews what they show.

In a fenced block, `console`, each line that begins with a prompt (`$ `, `ada$ `) is run and what
follows is replaced by what it printed. A block with `file=NAME` after its language is written to
that file first, one with `append=NAME` is put at its end, so that a reader sees what was typed.
"""
