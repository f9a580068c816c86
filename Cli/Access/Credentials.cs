namespace Hype.Cli.Access;

/// <summary>
/// The credentials that the command sends to the gateway: the token from the environment, short-lived tokens signed with an API key, or
/// none.
/// </summary>
internal sealed class Credentials
{
    public const string TokenVariable = "HYPE_TOKEN";
    public const string KeyIdVariable = "HYPE_API_KEY_ID";
    public const string SecretVariable = "HYPE_API_SECRET";

    /// <summary>
    /// The lifetime of a token that the command signs for its own request: long enough for one slow request and for clocks that differ. A
    /// stream may outlive its token, which the gateway checks only when the stream opens.
    /// </summary>
    private static readonly TimeSpan AdminTokenLifetime = TimeSpan.FromMinutes(2);

    private readonly string? _token;

    private Credentials(string? token, ApiKey? key) => (_token, Key) = (token, key);

    /// <summary>The API key that signs tokens; null if the environment has none.</summary>
    public ApiKey? Key { get; }

    public bool AreMissing => _token is null && Key is null;

    /// <summary>Reads the credentials from environment variables, because every user of the machine can read command lines.</summary>
    /// <exception cref="WrongUsageException">Only one half of a key is set.</exception>
    public static Credentials From(Func<string, string?> environment)
    {
        var (token, id, secret) = (Read(TokenVariable), Read(KeyIdVariable), Read(SecretVariable));
        if (id is null != secret is null)
            throw new WrongUsageException(
                $"{(id is null ? SecretVariable : KeyIdVariable)} is set and "
                    + $"{(id is null ? KeyIdVariable : SecretVariable)} is not: a key needs both.");
        var key = id is null ? null : new ApiKey(id, secret!);
        if (key?.IsTooShort == true)
            throw new WrongUsageException(
                $"{SecretVariable} has fewer than {ApiKey.MinSecretBytes} bytes, which no gateway accepts as a secret.");
        return new Credentials(token, key);

        string? Read(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Returns the bearer token for the next request; null if the environment has neither a token nor a key.</summary>
    public string? BearerToken(TimeProvider time) =>
        _token ?? Key?.Mint(new TokenRequest("hype-cli", "hype", "*", ["moderate"], AdminTokenLifetime), time).Token;
}
