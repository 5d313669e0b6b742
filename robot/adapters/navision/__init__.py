"""Navision Stat: its tables read over SQLAlchemy, and the small Navision that posts by itself."""
