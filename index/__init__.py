"""Text in motion: tokens, rankers, generations on disk, search, answers and their evaluation."""
