"""Home: start pages per role, composed of the other features' queries; no models of its own."""
