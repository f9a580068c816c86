namespace Hype.Cli.Access;

/// <summary>What the server is shown: a token that somebody made, or short-lived ones of the key that this process was given, or nothing.</summary>
internal sealed class Credentials
{
    public const string TokenVariable = "HYPE_TOKEN";
    public const string KeyIdVariable = "HYPE_API_KEY_ID";
    public const string SecretVariable = "HYPE_API_SECRET";

    /// <summary>Enough for one request on a slow way, and for clocks that differ; a stream outlives it, as tokens are checked when it opens.</summary>
    private static readonly TimeSpan AdminTokenLifetime = TimeSpan.FromMinutes(2);

    private readonly string? _token;

    private Credentials(string? token, ApiKey? key) => (_token, Key) = (token, key);

    /// <summary>Null without one: then no token can be made.</summary>
    public ApiKey? Key { get; }

    public bool AreMissing => _token is null && Key is null;

    /// <summary>From the environment: what stands on a command line can be read by everyone on the machine.</summary>
    /// <exception cref="WrongUsageException">Half of a key.</exception>
    public static Credentials From(Func<string, string?> environment)
    {
        var (token, id, secret) = (Read(TokenVariable), Read(KeyIdVariable), Read(SecretVariable));
        if (id is null != secret is null)
            throw new WrongUsageException($"{(id is null ? SecretVariable : KeyIdVariable)} is set and {(id is null ? KeyIdVariable : SecretVariable)} is not: a key is both.");
        var key = id is null ? null : new ApiKey(id, secret!);
        if (key?.IsTooShort == true)
            throw new WrongUsageException($"{SecretVariable} has fewer than {ApiKey.MinSecretBytes} bytes, which no gateway takes for a secret.");
        return new Credentials(token, key);

        string? Read(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>For the next request; null when there is nothing to show.</summary>
    public string? BearerToken(TimeProvider time) =>
        _token ?? Key?.Mint(new TokenRequest("hype-cli", "hype", "*", ["moderate"], AdminTokenLifetime), time).Token;
}
