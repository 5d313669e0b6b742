"""Functions that compute the fields that rules use."""
