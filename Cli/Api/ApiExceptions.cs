namespace Hype.Cli.Api;

/// <summary>The server refused the request, with one of the codes of docs/signaling.md.</summary>
internal sealed class RefusedException(string code, string sentence) : Exception(sentence)
{
    public string Code => code;
}

/// <summary>The server did not answer, or is not a gateway.</summary>
internal sealed class UnreachableException(string message, Exception? cause = null) : Exception(message, cause);
