"""The room of the score: submissions and the plan in force come in, a scorecard goes out."""
