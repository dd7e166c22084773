"""The room of files: workbooks and Word documents, knowing nothing of this index."""

OUR_DOCUMENT = "cchc_xl"  # the category of a Word document that we filled in: it is nobody's submission
