"""Eksempelstyrelsen: big and strict. Up to 25,000 DKK, and nothing without an order reference."""

from __future__ import annotations

from examples.make_documents.drafts import finished
from examples.make_documents.eksempelstyrelsen_posted import POSTED
from examples.make_documents.eksempelstyrelsen_stopped import BOUNCED, HELD
from examples.make_documents.world import EKSEMPELSTYRELSEN

EXAMPLES = finished(EKSEMPELSTYRELSEN, (*POSTED, *BOUNCED, *HELD))
