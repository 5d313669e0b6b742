"""The rule language: load, check, compile, evaluate, test."""
