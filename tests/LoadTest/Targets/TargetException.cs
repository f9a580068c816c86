namespace Hype.LoadTest.Targets;

/// <summary>The server cannot be loaded at all: not reachable, or it refuses what the run needs. The message is for the user.</summary>
internal sealed class TargetException(string message, Exception? cause = null) : Exception(message, cause);
