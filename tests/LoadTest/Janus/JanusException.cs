namespace Hype.LoadTest.Janus;

/// <summary>
/// Thrown if Janus refuses a request, or if the connection to Janus is lost. The message contains the error code of Janus, if there is
/// one.
/// </summary>
internal sealed class JanusException(string message, Exception? cause = null) : Exception(message, cause);
