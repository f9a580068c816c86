namespace Hype.Cli.Access;

/// <summary>Determines the address of the gateway to call, from the option <c>--url</c> or the environment.</summary>
internal static class ServerAddress
{
    public const string Variable = "HYPE_URL";

    /// <summary>The environment variable in which <c>deploy/local/cluster env</c> puts a gateway's address.</summary>
    public const string ClusterVariable = "HYPE_GATEWAY";

    public const string Default = "http://localhost:8080";

    /// <param name="option">The value of <c>--url</c>, which takes precedence.</param>
    /// <exception cref="WrongUsageException">The value is not an address.</exception>
    public static Uri Resolve(string? option, Func<string, string?> environment)
    {
        var (text, source) =
            option is not null ? (option, "--url")
            : environment(Variable) is { Length: > 0 } url ? (url, Variable)
            : environment(ClusterVariable) is { Length: > 0 } gateway ? (gateway, ClusterVariable)
            : (Default, "");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length > 0)
            throw new WrongUsageException($"{source} is '{text}', but must be a gateway's address such as {Default}.");
        // A gateway behind a path keeps that path: requests are relative to its end.
        return address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + '/' }.Uri;
    }
}
