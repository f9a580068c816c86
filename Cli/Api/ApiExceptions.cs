namespace Hype.Cli.Api;

/// <summary>The server said no, with one of the codes of docs/signaling.md.</summary>
internal sealed class RefusedException(string code, string sentence) : Exception(sentence)
{
    public string Code => code;
}

/// <summary>Nobody answered, or somebody who is no gateway.</summary>
internal sealed class UnreachableException(string message, Exception? cause = null) : Exception(message, cause);
