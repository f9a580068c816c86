namespace Hype.LoadTest.Janus;

/// <summary>Janus refused a request, or its connection is gone. The message is Janus' own sentence, with its code where it gave one.</summary>
internal sealed class JanusException(string message, Exception? cause = null) : Exception(message, cause);
