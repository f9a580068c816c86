namespace Hype.LoadTest.Targets;

/// <summary>Thrown if a participant cannot join.</summary>
/// <param name="reason">A keyword that is always the same for the same cause, for counting.</param>
internal sealed class JoinFailedException(string reason, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Reason => reason;
}
