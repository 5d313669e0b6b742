"""The invoice robot: posts the approved purchase invoices that are right."""
