namespace Hype.EndToEnd.Tests.Documents.Grpcurl;

/// <summary>A parsed command line of grpcurl, limited to the options that the documents use.</summary>
/// <param name="Address">The server, as <c>host:port</c>.</param>
/// <param name="IsPlaintext">True if the connection has no TLS.</param>
/// <param name="Headers">The request headers: the values of <c>-H</c>.</param>
/// <param name="Data">The request message as JSON: the value of <c>-d</c>.</param>
/// <param name="Files">The file names of <c>-cacert</c>, <c>-cert</c> and <c>-key</c>, by option.</param>
/// <param name="Verb"><c>list</c>, <c>describe</c>, or empty for a call.</param>
/// <param name="Symbol">The method to call, or the symbol to list or describe.</param>
internal sealed record GrpcurlCommand(
    string Address,
    bool IsPlaintext,
    IReadOnlyList<(string Name, string Value)> Headers,
    string Data,
    IReadOnlyDictionary<string, string> Files,
    string Verb,
    string Symbol)
{
    /// <exception cref="FormatException">The command uses an option that this parser does not support.</exception>
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
                    throw new FormatException(
                        $"grpcurl {arguments[i]} is not supported by this parser: add it, or do not use it in the document.");
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
