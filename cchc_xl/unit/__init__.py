"""The room of the units: files in a folder come in, submissions with findings go out; forms are issued."""
