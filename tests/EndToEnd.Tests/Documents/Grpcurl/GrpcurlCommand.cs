namespace Hype.EndToEnd.Tests.Documents.Grpcurl;

/// <summary>The part of grpcurl's command line that documents use.</summary>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="IsPlaintext">The connection has no TLS.</param>
/// <param name="Headers">The values of <c>-H</c>.</param>
/// <param name="Data">The value of <c>-d</c>: one message as JSON.</param>
/// <param name="Files">The values of <c>-cacert</c>, <c>-cert</c> and <c>-key</c>.</param>
/// <param name="Verb"><c>list</c>, <c>describe</c>, or empty for a call.</param>
/// <param name="Symbol">A method, or the symbol to list or describe.</param>
internal sealed record GrpcurlCommand(
    string Address,
    bool IsPlaintext,
    IReadOnlyList<(string Name, string Value)> Headers,
    string Data,
    IReadOnlyDictionary<string, string> Files,
    string Verb,
    string Symbol)
{
    /// <exception cref="FormatException">The command uses an option that no document has used so far.</exception>
    public static GrpcurlCommand Parse(IReadOnlyList<string> arguments)
    {
        var (plaintext, data) = (false, "{}");
        var headers = new List<(string, string)>();
        var files = new Dictionary<string, string>();
        var i = 0;
        for (; i < arguments.Count && arguments[i].StartsWith('-'); i++)
        {
            switch (arguments[i].TrimStart('-'))
            {
                case "plaintext":
                    plaintext = true;
                    break;
                case "H" when arguments[++i].Split(':', 2) is [var name, var value]:
                    headers.Add((name.Trim(), value.Trim()));
                    break;
                case "d":
                    data = arguments[++i];
                    break;
                case "cacert" or "cert" or "key":
                    files[arguments[i].TrimStart('-')] = arguments[++i];
                    break;
                default:
                    throw new FormatException($"grpcurl {arguments[i]} is not known here: teach it, or leave it out of the document.");
            }
        }

        return arguments.Skip(i).ToArray() switch
        {
            [var address, "list"] => new(address, plaintext, headers, data, files, "list", ""),
            [var address, "list" or "describe", var symbol] => new(address, plaintext, headers, data, files, arguments[i + 1], symbol),
            [var address, var method] => new(address, plaintext, headers, data, files, "", method),
            _ => throw new FormatException(
                $"grpcurl {string.Join(' ', arguments)}: an address and a method, list or describe are needed."),
        };
    }
}
