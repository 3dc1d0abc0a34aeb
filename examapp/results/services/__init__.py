"""What is done with results: lists made and checked, posted and taken down, looked up; the draw explained."""
