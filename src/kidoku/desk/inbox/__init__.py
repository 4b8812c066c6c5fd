"""The pages of the desk: what agents see of it in a browser."""
