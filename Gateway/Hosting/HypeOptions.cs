using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

internal static class HypeOptions
{
    /// <summary>
    /// Binds one options type to its section and has it validated at start-up. A value of the wrong kind or a key that
    /// nobody reads is reported together with all other errors, where the binder alone would stop at the first.
    /// </summary>
    public static void AddHypeOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) =>
            {
                try
                {
                    configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
                }
                catch (InvalidOperationException exception)
                {
                    throw new OptionsValidationException(section, typeof(TOptions), [$"{section}: {exception.Message}"]);
                }
            })
            .ValidateOnStart();
    }
}
