"""The room of papers: a result comes in, workbooks and documents go out."""
