"""Files for analysts and spreadsheets: OCEL 2.0, XES, CSV and xlsx."""
