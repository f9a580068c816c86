namespace Hype.LoadTest.Options;

/// <summary>The API key with which the tool signs tokens.</summary>
internal sealed record ApiKey(string Id, string Secret)
{
    /// <summary>
    /// The environment variable that contains the secret. There is no option for it, because every user of a machine can read command
    /// lines.
    /// </summary>
    public const string SecretVariable = "HYPE_LOAD_SECRET";

    /// <summary>Returns the id only, so that no output contains the secret.</summary>
    public override string ToString() => $"ApiKey {{ {Id} }}";
}
