using Hype.Cli.Commands;
using Hype.Cli.Display;
using Hype.Gateway.Tests.Testing;

namespace Hype.Cli.Tests.Testing;

/// <summary>Runs <c>hype</c> in this process, with its own environment variables, and returns its exit code and output.</summary>
internal sealed class Typist
{
    /// <summary>The time after which a command counts as hanging and fails the test.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _environment = [];
    private readonly TimeProvider _time;

    private Typist(TimeProvider time) => _time = time;

    /// <summary>Creates an environment with a gateway's address and API key, as <c>deploy/local/cluster env</c> prints it.</summary>
    public static Typist At(GatewayHost gateway) => new Typist(gateway.Time)
        .With("HYPE_GATEWAY", gateway.Url.ToString())
        .With("HYPE_API_KEY_ID", GatewayHost.ApiKey)
        .With("HYPE_API_SECRET", GatewayHost.Secret);

    /// <summary>Creates an environment without variables.</summary>
    public static Typist Nowhere() => new(TimeProvider.System);

    public Typist With(string variable, string? value)
    {
        _environment[variable] = value;
        return this;
    }

    public async Task<Said> TypeAsync(params string[] words)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        using var timeout = new CancellationTokenSource(Limit);
        var code = await StartAsync(output, errors, timeout.Token, words);
        Assert.That(
            timeout.IsCancellationRequested, Is.False, $"hype {string.Join(' ', words)} did not exit; its output: {output}{errors}");
        return new Said(code, output.ToString(), errors.ToString());
    }

    public Task<int> StartAsync(TextWriter output, TextWriter errors, CancellationToken stop, params string[] words) =>
        new HypeCommand(Terminal.Plain(output, errors, _time), name => _environment.GetValueOrDefault(name)).InvokeAsync(words, stop);
}

/// <summary>The exit code of a command, and its texts on standard output and standard error.</summary>
internal sealed record Said(int Code, string Output, string Errors);
