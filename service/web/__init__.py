"""What both doors share: who is asking, how a form is read, how a page or an error is shown."""
