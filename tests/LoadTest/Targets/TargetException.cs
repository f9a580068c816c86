namespace Hype.LoadTest.Targets;

/// <summary>Thrown if the server cannot be put under load: it is unreachable or refuses the run. The message is for the user.</summary>
internal sealed class TargetException(string message, Exception? cause = null) : Exception(message, cause);
