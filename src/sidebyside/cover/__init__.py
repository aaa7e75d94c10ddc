"""Cover: who teaches the lesson of somebody who is away."""
