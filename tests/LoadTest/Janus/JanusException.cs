namespace Hype.LoadTest.Janus;

/// <summary>Janus refused a request, or its connection is lost. The message is Janus' own, with its code if any.</summary>
internal sealed class JanusException(string message, Exception? cause = null) : Exception(message, cause);
