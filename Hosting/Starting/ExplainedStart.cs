using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hype.Hosting.Starting;

/// <summary>
/// Starts a process, or explains in sentences why the process cannot start: before any part starts, it lists all configuration errors and
/// unavailable ports, without a stack trace.
/// </summary>
/// <param name="app">The process.</param>
/// <param name="name">The name of the process, as in "the silo cannot listen".</param>
/// <param name="errors">The destination of the sentences.</param>
public sealed class ExplainedStart(WebApplication app, string name, TextWriter errors)
{
    /// <summary>Returns null if the process can start, else the <see cref="ExitCode"/>.</summary>
    /// <param name="ports">The ports to check; evaluated after the configuration was found valid.</param>
    public async Task<int?> FindObstacleAsync(Func<IServiceProvider, PortCheck> ports)
    {
        if (ConfigurationErrors() is { Count: > 0 } wrong)
            return await ListAsync($"The configuration has {wrong.Count} {(wrong.Count == 1 ? "error" : "errors")}; nothing was started:",
                wrong, ExitCode.InvalidConfiguration);
        if (ports(app.Services).Errors is { Count: > 0 } taken)
            return await ListAsync($"The {name} cannot listen; nothing was started:", taken, ExitCode.CannotListen);
        return null;
    }

    /// <summary>Runs until the process is asked to stop. Returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // Another process took the port after the check.
            await errors.WriteLineAsync($"The {name} cannot listen: {exception.Message} Stop the other process, or set another port.");
            return ExitCode.CannotListen;
        }
    }

    private async Task<int> ListAsync(string heading, IEnumerable<string> flaws, int code)
    {
        await errors.WriteLineAsync(heading);
        foreach (var flaw in flaws)
            await errors.WriteLineAsync($"  {flaw}");
        return code;
    }

    private List<string> ConfigurationErrors()
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
        catch (InvalidOperationException exception)
        {
            // The binder's message for a value of the wrong type: it names the key.
            return [exception.Message];
        }
    }
}
