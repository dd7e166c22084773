"""The room of files: workbooks and Word documents, knowing nothing of this index."""
