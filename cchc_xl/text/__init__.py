"""The room of words: values come in, Vietnamese or English text goes out."""
