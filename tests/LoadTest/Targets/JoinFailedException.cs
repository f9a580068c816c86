namespace Hype.LoadTest.Targets;

/// <summary>A participant could not join.</summary>
/// <param name="reason">A keyword or short code, the same for the same cause, for counting.</param>
internal sealed class JoinFailedException(string reason, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Reason => reason;
}
