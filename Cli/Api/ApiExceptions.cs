namespace Hype.Cli.Api;

/// <summary>Reports that the server refused the request, with one of the error codes of docs/signaling.md.</summary>
internal sealed class RefusedException(string code, string sentence) : Exception(sentence)
{
    public string Code => code;
}

/// <summary>Reports that the server did not answer, or that the answer is not a gateway's.</summary>
internal sealed class UnreachableException(string message, Exception? cause = null) : Exception(message, cause);
