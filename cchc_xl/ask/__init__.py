"""The room of questions: a result comes in, answers go out."""
