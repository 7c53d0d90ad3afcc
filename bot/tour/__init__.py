"""The tour: a scripted evening through the front doors, the chat page's HTTP interface and the console's forms."""
