"""Pages for people, as Markdown and as HTML."""
