"""The files that the bank leaves in a folder (ISO 20022)."""

from robot.adapters.bank.folder import BankFolder

__all__ = ["BankFolder"]
