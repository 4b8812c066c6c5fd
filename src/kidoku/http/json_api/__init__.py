"""JSON APIs: routes that are declared once, bodies of a shape, one form of errors, and the OpenAPI document of all."""
