"""The one room that knows every room: plugs consumers into ports and turns the round."""
