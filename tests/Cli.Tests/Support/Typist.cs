using Hype.Cli.Commands;
using Hype.Cli.Display;
using Hype.Gateway.Tests.Testing;

namespace Hype.Cli.Tests.Support;

/// <summary>Somebody who types <c>hype …</c>, and what is said to him.</summary>
internal sealed class Typist
{
    /// <summary>Real time: only a hang ends here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _environment = [];
    private readonly TimeProvider _time;

    private Typist(TimeProvider time) => _time = time;

    /// <summary>With a gateway's address and key in the environment, as <c>deploy/local/cluster env</c> puts them there.</summary>
    public static Typist At(GatewayHost gateway) => new Typist(gateway.Time)
        .With("HYPE_GATEWAY", gateway.Url.ToString())
        .With("HYPE_API_KEY_ID", GatewayHost.ApiKey)
        .With("HYPE_API_SECRET", GatewayHost.Secret);

    /// <summary>With nothing in the environment.</summary>
    public static Typist Nowhere() => new(TimeProvider.System);

    public Typist With(string variable, string? value)
    {
        _environment[variable] = value;
        return this;
    }

    public async Task<Said> TypeAsync(params string[] words)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        using var timeout = new CancellationTokenSource(Patience);
        var code = await StartAsync(output, errors, timeout.Token, words);
        Assert.That(timeout.IsCancellationRequested, Is.False, $"hype {string.Join(' ', words)} did not end; it said: {output}{errors}");
        return new Said(code, output.ToString(), errors.ToString());
    }

    public Task<int> StartAsync(TextWriter output, TextWriter errors, CancellationToken stop, params string[] words) =>
        new HypeCommand(Terminal.Plain(output, errors, _time), name => _environment.GetValueOrDefault(name)).InvokeAsync(words, stop);
}

internal sealed record Said(int Code, string Output, string Errors);
