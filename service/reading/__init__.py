"""Reading: a question and a passage together → relevance, the words that answer, or none."""
