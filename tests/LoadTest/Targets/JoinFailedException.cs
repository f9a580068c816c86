namespace Hype.LoadTest.Targets;

/// <summary>Somebody could not join.</summary>
/// <param name="reason">A word or a short code, the same for the same cause: the report counts by it.</param>
internal sealed class JoinFailedException(string reason, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Reason => reason;
}
