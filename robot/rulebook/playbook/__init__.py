"""`rules docs`: rule files as a customer reads them, in Danish and English."""
