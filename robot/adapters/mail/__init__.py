"""Mails: texts from templates, messages by RFC 5322, and where they are handed over."""
