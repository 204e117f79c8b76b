"""Text at rest: reading reports, their facts, their passages, and the store that keeps them."""
